import { RuleTester } from "eslint";

import { oneLineBody } from "../../eslint/oneLineBody.ts";

const long = "x".repeat(91);

new RuleTester().run("one-line-body", oneLineBody, {
  valid: [
    "if (a) b();",
    "if (a) b();\nelse c();",
    "if (a) {\n  // why\n  b();\n}",
    "if (a) {\n  b();\n  c();\n}",
    "if (a) {\n  b();\n} else {\n  c();\n  d();\n}",
    "if (a) {\n  const b = 1;\n}",
    "for (const a of b) {\n  if (a) c();\n}",
    `if (a) {\n  ${long}();\n}`,
  ],
  invalid: [
    { code: "if (a) {\n  b();\n}", output: "if (a) b();", errors: [{ messageId: "braces" }] },
    {
      code: "for (const a of b) {\n  c(a);\n}",
      output: "for (const a of b) c(a);",
      errors: [{ messageId: "braces" }],
    },
    {
      code: "if (a) {\n  b();\n} else if (c) {\n  d();\n} else {\n  e();\n}",
      output: "if (a) b(); else if (c) d(); else e();",
      errors: [{ messageId: "braces" }],
    },
    { code: "while (a) {\n  b();\n}", output: "while (a) b();", errors: [{ messageId: "braces" }] },
  ],
});
