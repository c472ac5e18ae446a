import { RuleTester } from "eslint";

import { oneLineBody } from "../../eslint/oneLineBody.ts";

const long = "x".repeat(91);

new RuleTester().run("one-line-body", oneLineBody, {
  valid: [
    { name: "accepts a body without braces", code: "if (a) b();" },
    { name: "accepts branches without braces", code: "if (a) b();\nelse c();" },
    { name: "accepts a body with a comment", code: "if (a) {\n  // why\n  b();\n}" },
    { name: "accepts a body of two statements", code: "if (a) {\n  b();\n  c();\n}" },
    {
      name: "accepts braces on all branches when one needs them",
      code: "if (a) {\n  b();\n} else {\n  c();\n  d();\n}",
    },
    { name: "accepts a body that declares a variable", code: "if (a) {\n  const b = 1;\n}" },
    { name: "accepts a loop around another body", code: "for (const a of b) {\n  if (a) c();\n}" },
    { name: "accepts a body that is too long for the line", code: `if (a) {\n  ${long}();\n}` },
  ],
  invalid: [
    {
      name: "removes the braces of an if",
      code: "if (a) {\n  b();\n}",
      output: "if (a) b();",
      errors: [{ messageId: "braces" }],
    },
    {
      name: "removes the braces of a loop",
      code: "for (const a of b) {\n  c(a);\n}",
      output: "for (const a of b) c(a);",
      errors: [{ messageId: "braces" }],
    },
    {
      name: "removes the braces of all branches",
      code: "if (a) {\n  b();\n} else if (c) {\n  d();\n} else {\n  e();\n}",
      output: "if (a) b(); else if (c) d(); else e();",
      errors: [{ messageId: "braces" }],
    },
    {
      name: "removes the braces of a while",
      code: "while (a) {\n  b();\n}",
      output: "while (a) b();",
      errors: [{ messageId: "braces" }],
    },
  ],
});
