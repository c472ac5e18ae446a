/** Versions of the replaced plugins, which the SDK packages require exactly. */
export const standInVersions = { kubernetes: "4.34.2", command: "1.2.1", gcp: "9.37.0" } as const;
