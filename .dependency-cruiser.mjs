/**
 * Which folder may import from which. `npm run check` refuses every other import. A row lists only
 * rows above it, so the folders cannot form a ring.
 */
const stages = ["config", "cluster", "network", "apps", "verification"];
const ground = ["messages/", "net/", "kube/"];
/** The contract of a program that a component runs: what it is asked and what it answers. */
const contracts = ["(?:probe|programs/[^/]+)/(?:request|verdict)[.]ts$"];
const pieces = ["components/(?:shared|kubernetes)/"];

/** A folder, lowest first, and what it may import besides its own modules. */
export const rows = [
  ["messages/", []],
  ["net/", ["messages/"]],
  ["kube/", ["messages/", "net/"]],
  ["programs/", ground],
  ["probe/", ground],
  ["components/shared/", [...pieces, ...contracts, ...ground]],
  ["components/kubernetes/", [...pieces, ...contracts, ...ground]],
  ...stages.map((stage, position) => {
    const earlier = stages.slice(0, position).map((name) => `components/${name}/`);
    return [`components/${stage}/`, [...earlier, ...pieces, ...contracts, ...ground]];
  }),
  ["index[.]ts$", ["components/"]],
  ["policies/", ground],
  ["stand-ins/", ["messages/", "net/", "kube/(selector|schemaExtensions)[.]ts$"]],
  ["lab/", ["messages/", "net/", "stand-ins/install[.]ts$"]],
  [
    "cli/",
    [
      ...[...ground, "programs/", "probe/", "stand-ins/", "lab/"],
      ...["components/config/schema(?:/|[.]ts$)", "components/verification/outputs[.]ts$"],
    ],
  ],
];

/** Modules that something other than an import starts. */
const entries = [
  "index[.]ts$",
  ".*/main[.]ts$",
  "cli/start[.]cjs$",
  "cli/stack/(?:proveAll|previewEvents)[.]ts$",
  "cli/stack/lazy(Sdk|Messages)[.]cjs$",
  "cli/checks/mochaReporter[.]cjs$",
  "cli/bench/(?:program/program[.]ts|timeline[.]cjs)$",
  "policies/(?:index[.]js|reference[.]ts)$",
];

/** Modules without Pulumi: they run where no engine is, or start before its SDK is loaded. */
const plain = ["messages/", "net/", "kube/", "programs/", "probe/", "lab/"];

/** Settings of tools, such as this file. */
const toolSettings = "(?:eslint/[^/]*[.]ts|[^/]*[.]m?js)$";
const own = "[.](?:ts|js|mjs|cjs)$";

const anyOf = (patterns) => `^(?:${patterns.join("|")})`;

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...rows.map(([folder, allowed]) => ({
      name: `imports-of-${folder.replace(/[^a-z-]+/g, "-").replace(/-$|-ts-$/, "")}`,
      comment: `Allowed: ${[folder, ...allowed].join(", ")}`,
      severity: "error",
      from: { path: `^${folder}` },
      to: {
        dependencyTypes: ["local"],
        pathNot: anyOf([folder, ...allowed]),
      },
    })),
    {
      name: "every-folder-has-a-row",
      comment: "Add the folder to the rows of .dependency-cruiser.mjs.",
      severity: "error",
      from: {
        path: own,
        pathNot: anyOf([...rows.map(([folder]) => folder), "test/", "eslint/", toolSettings]),
      },
      to: {},
    },
    {
      name: "no-import-of-tests",
      comment: "Move what both need out of test/.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "no-pulumi-below-components",
      comment: "This runs without an engine, and loading Pulumi's SDK takes a second.",
      severity: "error",
      from: { path: anyOf(plain) },
      to: { path: "(?:^|/)node_modules/@pulumi/" },
    },
    {
      name: "no-ring",
      comment: "Move what both need into a third module.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-ring-of-folders",
      comment: "Move what both need below both.",
      severity: "error",
      scope: "folder",
      // The cruiser takes Node's module `net` for the folder of that name.
      from: { pathNot: "^net$" },
      to: { circular: true },
    },
    {
      name: "no-orphan",
      comment:
        "Delete it, or add it to the entries of .dependency-cruiser.mjs if a person or a program starts it.",
      severity: "error",
      from: { path: anyOf(entries) },
      to: {
        path: own,
        pathNot: anyOf(["test/", "node_modules/", "messages/", toolSettings, ...entries]),
        reachable: false,
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^[.]provenet/" },
    // A ring of types is a ring, too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".cjs", ".mjs", ".json"],
    },
  },
};
