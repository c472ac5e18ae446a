import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { rejectFaults } from "../shared/faults.ts";
import { faultsInRoute } from "../../programs/route/request.ts";

const program = "node programs/route/main.ts";

/** Arguments for {@link HostRoute}. */
export interface HostRouteArgs {
  /** Vantage the route is put on: `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  readonly on: string;
  /** Network it leads to, such as `192.0.2.0/24`. */
  readonly to: pulumi.Input<string>;
  /** Next hop: the router's address in a network that it shares with the vantage. */
  readonly via: pulumi.Input<string>;
  /**
   * Values that change when the vantage starts anew, such as the identity of its network namespace:
   * the route is then looked for again and put back where it is missing.
   * @default none
   */
  readonly clientFacts?: readonly pulumi.Input<string>[];
}

/**
 * A route on the client or on the router, without which the cluster's addresses are not reached.
 * It is refused, with the remedy, where another route would win or the gateway cannot forward; one
 * that is there already is taken as it is and left behind when this resource goes.
 *
 * A renamed instance needs an `aliases` entry: otherwise the new one finds the old one's route in
 * place, and the old one takes it away afterwards.
 */
export class HostRoute extends pulumi.ComponentResource {
  /** The network; resolves once the kernel's lookup shows that packets to it take the gateway. */
  readonly network: pulumi.Output<string>;

  constructor(name: string, args: HostRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:HostRoute", name, args, opts);
    const { on, to, via, clientFacts = [] } = args;
    rejectFaults(
      this,
      faultsInRoute({
        on,
        ...(typeof to === "string" ? { to } : {}),
        ...(typeof via === "string" ? { via } : {}),
      }),
    );

    const request = pulumi.all([to, via]).apply(([network, gateway]) => {
      const route = { on, to: network, via: gateway };
      rejectFaults(this, faultsInRoute(route));
      return JSON.stringify(route);
    });
    const route = new command.local.Command(
      `${name}-route`,
      {
        create: `${program} add`,
        update: `${program} update`,
        delete: `${program} remove`,
        environment: {
          PROVENET_ROUTE: request,
          PROVENET_CLIENT_FACTS: pulumi.jsonStringify(clientFacts),
        },
        logging: command.local.Logging.Stderr,
      },
      { parent: this, deleteBeforeReplace: true },
    );

    this.network = pulumi.all([to, route.stdout]).apply(([network]) => network);
    this.registerOutputs({ network: this.network });
  }
}
