import { configurationPage } from "./configurationPage.ts";
import { projectFile } from "./declarations.ts";

/** The generated files. Each makes its text from the text that is there. */
export const generatedFiles: Readonly<Record<string, (current: string) => string>> = {
  "Pulumi.yaml": projectFile,
  "docs/configuration.md": configurationPage,
};
