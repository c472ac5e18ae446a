import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

import { oneLineBody } from "./eslint/oneLineBody.js";

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
    },
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
