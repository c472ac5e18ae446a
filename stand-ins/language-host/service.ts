import type { Server, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { homedir } from "node:os";
import path from "node:path";

import { errorOf, refusals, unary } from "../kit/calls.ts";
import { Empty, grpc, PackageDependency, PluginInfo } from "../kit/protocol.ts";
import { interruptAll } from "./children.ts";
import { LanguageRuntimeService, messages, sdkVersion } from "./languageProtocol.ts";
import { requiredPlugins } from "./packages.ts";
import { runPolicyPack } from "./policyPack.ts";
import { runProgram } from "./program.ts";

/** Registers the language host's service. */
export function registerLanguageHost(server: Server, engine: string): void {
  server.addService(LanguageRuntimeService, {
    ...refusals(Object.keys(LanguageRuntimeService)),
    ...answers(engine),
  });
}

function pluginsDirectory(): string {
  return path.join(process.env.PULUMI_HOME ?? path.join(homedir(), ".pulumi"), "plugins");
}

function answers(engine: string): UntypedServiceImplementation {
  return {
    handshake: unary(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => {
      const answer = new PluginInfo();
      answer.setVersion(sdkVersion);
      return answer;
    }),
    getRequiredPackages: unary((request) => {
      const program = request.getInfo()?.getProgramDirectory() ?? process.cwd();
      const answer = new messages.GetRequiredPackagesResponse();
      for (const required of requiredPlugins(program, pluginsDirectory())) {
        const dependency = new PackageDependency();
        dependency.setName(required.name);
        dependency.setKind("resource");
        dependency.setVersion(required.version);
        dependency.setServer(required.server);
        answer.addPackages(dependency);
      }
      return answer;
    }),
    run: (call, callback) => {
      void runProgram(call.request, engine, whenCancelled(call)).then((response) => {
        callback(null, response);
      });
    },
    runPlugin: (call) => {
      runPolicyPack(call.request, whenCancelled(call), (response) => call.write(response)).then(
        () => call.end(),
        (error: unknown) => call.destroy(Object.assign(new Error(), errorOf(error))),
      );
    },
    installDependencies: (call) => {
      const details =
        "this stand-in does not install dependencies.\nFix: run npm ci in the program's folder";
      call.destroy(Object.assign(new Error(details), { code: grpc.status.UNIMPLEMENTED, details }));
    },
    about: unary(() => {
      const answer = new messages.AboutResponse();
      answer.setExecutable(process.execPath);
      answer.setVersion(process.version);
      return answer;
    }),
    cancel: unary(() => {
      interruptAll();
      return new Empty();
    }),
  } satisfies Partial<ILanguageRuntimeServer>;
}

/** A signal that fires when the engine cancels a call. */
function whenCancelled(call: {
  on(event: "cancelled", listener: () => void): unknown;
}): AbortSignal {
  const stop = new AbortController();
  call.on("cancelled", () => {
    stop.abort();
  });
  return stop.signal;
}
