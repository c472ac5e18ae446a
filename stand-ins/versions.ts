/** The versions of the official plugins that the stand-ins stand in for; the SDK packages ask for exactly these. */
export const standInVersions = { kubernetes: "4.34.2", command: "1.2.1" } as const;
