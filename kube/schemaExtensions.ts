/**
 * Kubernetes' extensions of a CRD's schema. The SDK writes them with underscores. The list is closed,
 * because any other key with a dash is the name of a property.
 */
export const schemaExtensions = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
] as const;
