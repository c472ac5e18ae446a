import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

import { oneLineBody } from "./eslint/oneLineBody.ts";

/** One brace style and one naming style; both are rules of plain syntax, which cost no types. */
const houseStyle = {
  curly: ["error", "multi-line", "consistent"],
  "house/one-line-body": "error",
  "@typescript-eslint/dot-notation": "error",
  "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
  "@typescript-eslint/naming-convention": [
    "error",
    { selector: ["variableLike"], format: ["camelCase"], leadingUnderscore: "allow" },
    { selector: ["variable", "parameter"], modifiers: ["destructured"], format: null },
    {
      selector: "typeLike",
      format: ["PascalCase"],
      custom: { regex: "^I(?!Pv)[A-Z][a-z]", match: false },
    },
  ],
};

/** A program must give the same resources on every machine and at any time. */
const resourceInApply = {
  selector:
    'CallExpression[callee.property.name="apply"] NewExpression[arguments.length>=2][callee.name!=/Error$/][callee.property.name!=/Error$/]',
  message: "Construct resources outside apply: inside, a preview does not show them.",
};
const surroundings = [
  {
    selector: 'NewExpression[callee.property.name="Config"], NewExpression[callee.name="Config"]',
    message: "Read configuration in components/config and pass the parsed value on.",
  },
  {
    selector: 'MemberExpression[object.name="process"][property.name=/^(env|cwd|platform|arch)$/]',
    message: "A component must not depend on the machine: take the value as an argument.",
  },
  {
    selector:
      'NewExpression[callee.name="Date"], MemberExpression[object.name=/^(Date|performance)$/][property.name="now"]',
    message: "A component must not read the clock: two runs must give the same resources.",
  },
  {
    selector:
      'MemberExpression[object.name="Math"][property.name="random"], MemberExpression[property.name=/^random(UUID|Bytes|Int)$/]',
    message: "A component must not use randomness: two runs must give the same resources.",
  },
  {
    selector:
      "ImportDeclaration[source.value=/^(node:)?(fs|fs.promises|os|child_process)$/], ImportDeclaration[source.value=/^(node:)?crypto$/] ImportSpecifier[imported.name=/^(random|webcrypto)/]",
    message: "A component must not read files or run programs: take the value as an argument.",
  },
];

export default tseslint.config(
  { ignores: ["node_modules/", ".provenet/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { house: { rules: { "one-line-body": oneLineBody } } },
    rules: {
      "max-lines": ["error", { max: 300 }],
      ...houseStyle,
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["index.ts", "components/**/*.ts"],
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "no-restricted-syntax": ["error", resourceInApply],
    },
  },
  {
    files: ["index.ts", "components/**/*.ts"],
    ignores: ["components/config/**"],
    rules: { "no-restricted-syntax": ["error", resourceInApply, ...surroundings] },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
        module: "writable",
      },
    },
  },
);
