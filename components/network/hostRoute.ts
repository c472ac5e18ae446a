import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { type AddressBlock, formatBlock } from "../../net/addresses.ts";
import { type Vantage, formatVantage } from "../../net/vantage.ts";
import {
  faultsInRoute,
  type RouteRequest,
  routeRequestVariable,
  vantageIdVariable,
} from "../../programs/route/request.ts";
import { rejectFaults } from "../shared/faults.ts";

const program = "node programs/route/main.ts";

/** Arguments for {@link HostRoute}. */
export interface HostRouteArgs {
  /** Host or network namespace that gets the route. */
  readonly on: Vantage;
  /** Network that it leads to, such as `192.0.2.0/24`. */
  readonly to: AddressBlock;
  /** Next hop: the router's address in a network that it shares with the vantage. */
  readonly via: AddressBlock;
  /**
   * Changes whenever the network namespace is recreated, which forces the route to be added again.
   * @default ""
   */
  readonly vantageId?: string;
  /**
   * UID of the cluster behind the route. minikube recreates the network between host and nodes with
   * each cluster, so another UID also forces the route to be added again.
   * @default ""
   */
  readonly clusterUid?: pulumi.Input<string>;
}

/**
 * A route on the client or the router. Without it the cluster's addresses are unreachable.
 *
 * The program refuses the route if another one would win or the next hop does not forward. It keeps a
 * route that already exists and leaves it in place on deletion. A renamed instance needs an `aliases`
 * entry, because otherwise the new instance finds the old route and the old instance then removes it.
 *
 * @example
 * new HostRoute("pools", {
 *   on: parseVantage("host"),
 *   to: parseNetwork("192.0.2.0/24"),
 *   via: parseAddress("198.51.100.1"),
 * });
 */
export class HostRoute extends pulumi.ComponentResource {
  /** The route as one line. Resolves once the kernel sends packets to the network via the next hop. */
  readonly route: pulumi.Output<string>;

  constructor(name: string, args: HostRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:HostRoute", name, {}, opts);
    const { vantageId = "", clusterUid = "" } = args;
    const request: RouteRequest = {
      on: formatVantage(args.on),
      to: formatBlock(args.to),
      via: formatBlock(args.via),
    };
    rejectFaults(this, faultsInRoute(request));

    const { id } = new command.local.Command(
      `${name}-route`,
      {
        create: `${program} add`,
        update: `${program} update`,
        delete: `${program} remove`,
        environment: {
          [routeRequestVariable]: JSON.stringify(request),
          [vantageIdVariable]: vantageId,
          PROVENET_CLUSTER_UID: clusterUid,
        },
        logging: command.local.Logging.Stderr,
      },
      { parent: this, deleteBeforeReplace: true },
    );

    this.route = pulumi
      .all([clusterUid, id])
      .apply(([uid]) =>
        [request.on, request.to, "via", request.via, vantageId, uid].join(" ").trim(),
      );
    this.registerOutputs({ route: this.route });
  }
}
