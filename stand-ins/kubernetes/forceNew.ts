import { parsePath } from "../kit/paths.ts";
import { at, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { groupKindOf } from "./objects.ts";

/** Kinds that the provider's arguments make mutable. */
export interface Mutability {
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

const identityFields = ["metadata.name", "metadata.namespace"];

/** Immutable fields of a Pod's container. */
const containerFields = [
  ...["args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe"],
  ...["ports", "readinessProbe", "resources", "securityContext", "stdin", "stdinOnce"],
  ...["terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices"],
  ...["volumeMounts", "workingDir"],
];
const podFields = [
  ...["affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks"],
  ...["hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets"],
  ...["nodeName", "nodeSelector", "overhead", "preemptionPolicy", "priority"],
  ...["priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName"],
  ...["schedulerName", "securityContext", "serviceAccount", "serviceAccountName"],
  ...["shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "volumes"],
];
const volumeSources = [
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc"],
  ...["flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local"],
  ...["nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO"],
  ...["storageos", "vsphereVolume"],
];

/** Immutable fields by kind, as in the official plugin's table. */
const fieldsByKind: Readonly<Record<string, readonly string[]>> = {
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolume": volumeSources.map((source) => `spec.${source}`),
  "/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ],
  "/Pod": [
    ...podFields.map((field) => `spec.${field}`),
    ...containerFields.map((field) => `spec.containers[*].${field}`),
    ...containerFields.map((field) => `spec.initContainers[*].${field}`),
  ],
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
};

/** Properties of an object that replace it when they change. */
export function forceNewOf(object: Properties, mutability: Mutability, isPatch: boolean): Path[] {
  const paths = isPatch ? identityFields : [...identityFields, ...ofKind(object, mutability)];
  return paths.map(parsePath);
}

function ofKind(object: Properties, mutability: Mutability): readonly string[] {
  const kind = groupKindOf(object);
  const fixed = object.immutable === true;
  if (kind === "/Secret" && (!mutability.enableSecretMutable || fixed)) {
    return ["type", "stringData", "data"];
  }
  if (kind === "/ConfigMap" && (!mutability.enableConfigMapMutable || fixed)) {
    return ["binaryData", "data"];
  }
  return fieldsByKind[kind] ?? [];
}

/** Whether a change at a path changes a property, which is above the path or inside the new value. */
export function touches(path: Path, value: Value, property: Path): boolean {
  for (const [depth, step] of property.entries()) {
    if (depth >= path.length) return holds(value, property.slice(depth));
    const here = path[depth];
    if (step === "*" ? typeof here !== "number" : step !== here) return false;
  }
  return true;
}

function holds(value: Value, rest: Path): boolean {
  const [step, ...deeper] = rest;
  if (step === undefined) return true;
  if (step === "*") return Array.isArray(value) && value.some((item) => holds(item, deeper));
  const member = isMap(value) ? at(value, step) : undefined;
  return member !== undefined && holds(member, deeper);
}
