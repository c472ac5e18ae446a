/** The nineteen hops that a request passes, from the name it starts with to the way back. */
export const hopNames = [
  "name",
  "client route",
  "client firewall",
  "client neighbour",
  "router forwarding",
  "router firewall",
  "router route",
  "announcer",
  "address",
  "node",
  "service rules",
  "endpoints",
  "ingress",
  "policy at the source pod",
  "overlay",
  "policy at the destination pod",
  "process",
  "answer",
  "way back",
] as const;

/** Every hop's number, in the order in which a request passes them. */
export const hopNumbers: readonly number[] = hopNames.map((_, position) => position + 1);

/** The name of a hop by its number from 1 to 19. */
export function hopName(hop: number): string {
  const name = hopNames[hop - 1];
  if (name === undefined) throw new Error(`hop ${hop} does not exist`);
  return name;
}

/** The finding at one hop. */
export type Finding =
  | {
      readonly state: "ok" | "unknown" | "skipped";
      readonly evidence: readonly string[];
      /** The evidence shows that the request stops at one of these hops. */
      readonly narrowsTo?: readonly number[];
    }
  | {
      readonly state: "broken";
      readonly evidence: readonly string[];
      /** What contradicts what the path needs. */
      readonly why: string;
      /** What to do. */
      readonly remedy: string;
      /**
       * `always`: contradicts the path in every case. `silence`: explains why nothing came back from
       * the address, and is a remark when something did.
       */
      readonly counts: "always" | "silence";
      /** A later hop that causes this one when it is broken too. */
      readonly yieldsTo?: number;
    };

/** A finding with the time that it took. */
export interface Observation {
  readonly hop: number;
  readonly finding: Finding;
  readonly milliseconds: number;
}
