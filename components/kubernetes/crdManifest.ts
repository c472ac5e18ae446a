/** A CustomResourceDefinition as upstream publishes it. */
export interface CustomResourceDefinitionManifest {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Passed on unchecked. The API server checks its shape. */
  readonly spec: Readonly<Record<string, unknown>>;
}
