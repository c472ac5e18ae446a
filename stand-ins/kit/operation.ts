import type { CheckRequest } from "@pulumi/pulumi/proto/provider_pb.js";

import type { Engine } from "./engine.ts";
import type { Operation } from "./provider.ts";
import { messages } from "./providerProtocol.ts";

/** The fields that several requests share. Each request has some of them. */
export interface Request {
  getUrn?(): string;
  getPreview?(): boolean;
  getTimeout?(): number;
  getIgnorechangesList?(): string[];
  getRandomseed_asU8?(): Uint8Array;
  getAutonaming?(): CheckRequest.AutonamingOptions | undefined;
}

/** Splits `urn:pulumi:stack::project::parent$type::name`; a name may contain `::`. */
export function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

/** The context of one request. */
export function operationOf(request: Request, engine: Engine, cancelled: AbortSignal): Operation {
  const urn = request.getUrn?.() ?? "";
  const seed = request.getRandomseed_asU8?.();
  const autonaming = request.getAutonaming?.();
  const forbidden = messages.CheckRequest.AutonamingOptions.Mode.DISABLE;
  return {
    urn,
    ...partsOf(urn),
    preview: request.getPreview?.() ?? false,
    timeoutSeconds: request.getTimeout?.() ?? 0,
    ignoreChanges: request.getIgnorechangesList?.() ?? [],
    ...(seed?.length ? { randomSeed: seed } : {}),
    ...(autonaming
      ? {
          proposedName: autonaming.getMode() === forbidden ? null : autonaming.getProposedName(),
        }
      : {}),
    cancelled,
    log: (severity, message) => {
      engine.say(urn, severity, message, false);
    },
    status: (message) => {
      engine.say(urn, "info", message, true);
    },
  };
}
