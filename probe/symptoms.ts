/** What the client saw, and which hops can cause it. */

/** Every symptom, from success to a request that could not be sent. */
export const symptoms = [
  "answer",
  "no name",
  "no route",
  "no neighbour",
  "silence",
  "unreachable",
  "rejected",
  "refused",
  "mute",
  "reset",
  "status",
  "wrong answer",
  "not asked",
] as const;

/** What the client saw. */
export type Symptom = (typeof symptoms)[number];

interface Meaning {
  /** Whether something came back from the address itself, so that the way there works. */
  readonly reached: boolean;
  /** The hops that can cause it. */
  readonly candidates: readonly number[];
  /** Where to look when no observed hop is broken. */
  readonly remedy: string;
}

/** The meaning of each symptom. */
export const meanings: Readonly<Record<Symptom, Meaning>> = {
  answer: { reached: true, candidates: [], remedy: "nothing to do" },
  "no name": {
    reached: false,
    candidates: [1],
    remedy: "use the address itself, or add the name to the resolver or to /etc/hosts",
  },
  "no route": {
    reached: false,
    candidates: [2],
    remedy: "add a route to the address on the client",
  },
  "no neighbour": {
    reached: false,
    candidates: [4],
    remedy:
      "check that the gateway, or the address itself when it is on-link, is up and on this network",
  },
  silence: {
    reached: false,
    candidates: [3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 19],
    remedy:
      "watch the packet with tcpdump on the router's two interfaces and on the node: it stops after the last that shows it; ip_forward and DROP policies are silent",
  },
  unreachable: {
    reached: false,
    candidates: [3, 5, 6, 7, 8, 10, 11],
    remedy:
      "a router on the path reported it: look for REJECT in its FORWARD chain, at its routes, and whether any node answers ARP for the address",
  },
  rejected: {
    reached: false,
    candidates: [3, 6, 10, 11, 12, 17],
    remedy:
      "a REJECT in a FORWARD chain, or a Service without ready endpoints: look at the chain's counters on the router, then at the Service's EndpointSlices",
  },
  refused: {
    reached: true,
    candidates: [3, 6, 10, 11, 12, 17],
    remedy:
      "the port is closed where the packet arrived: check that the process listens on it and that the Service's targetPort is that port",
  },
  mute: {
    reached: true,
    candidates: [12, 13, 14, 15, 16, 17, 19],
    remedy:
      "the connection is open but no answer arrives: look at the process, and whether large packets pass (MTU of the overlay)",
  },
  reset: {
    reached: true,
    candidates: [10, 12, 13, 15, 17],
    remedy: "the connection was closed before the answer: look at the log of the process",
  },
  status: { reached: true, candidates: [18], remedy: "look at the application's log" },
  "wrong answer": { reached: true, candidates: [18], remedy: "find out which server answered" },
  "not asked": {
    reached: false,
    candidates: [],
    remedy:
      "check that ip (iproute2) is installed and that this user may run it and open sockets, then repeat the request",
  },
};

/** The result of one attempt. */
export interface Outcome {
  readonly symptom: Symptom;
  /** The result in words. */
  readonly text: string;
  /** Details of an answer: status, server, pod. */
  readonly evidence: readonly string[];
  /** Source address of the packets, when known. */
  readonly source?: string;
  /** Where to look when no observed hop is broken. @default the symptom's remedy */
  readonly remedy?: string;
}
