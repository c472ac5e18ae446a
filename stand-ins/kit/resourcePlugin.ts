import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";

import { differenceOf, failuresOf, operationErrorOf, wire } from "./answers.ts";
import { refusals, unary } from "./calls.ts";
import { Engine } from "./engine.ts";
import { operationOf, type Request } from "./operation.ts";
import { engineAddress, serve } from "./plugin.ts";
import { decode } from "./properties.ts";
import { Empty, PluginInfo } from "./protocol.ts";
import type { Provider } from "./provider.ts";
import { messages, ResourceProviderService } from "./providerProtocol.ts";

/** Runs a provider as a resource plugin of the engine, on the raw `ResourceProvider` service. */
export function serveResourcePlugin(provider: Provider, leave?: () => void): void {
  const engine = new Engine();
  engine.connect(engineAddress());
  const stop = new AbortController();
  serve((server) => {
    server.addService(ResourceProviderService, {
      ...refusals(Object.keys(ResourceProviderService)),
      ...lifecycle(provider, engine, stop),
      ...operations(provider, engine, stop.signal),
    });
  }, leave);
}

function lifecycle(
  provider: Provider,
  engine: Engine,
  stop: AbortController,
): UntypedServiceImplementation {
  return {
    handshake: unary((request) => {
      engine.connect(request.getEngineAddress());
      const answer = new messages.ProviderHandshakeResponse();
      answer.setAcceptSecrets(true);
      answer.setSupportsAutonamingConfiguration(true);
      return answer;
    }),
    attach: unary((request) => {
      engine.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const answer = new PluginInfo();
      answer.setVersion(provider.version);
      return answer;
    }),
    cancel: unary(() => {
      stop.abort();
      return new Empty();
    }),
    checkConfig: unary(async (request) => {
      const answer = new messages.CheckResponse();
      answer.setInputs(request.getNews());
      answer.setFailuresList(failuresOf(await provider.checkConfig(decode(request.getNews()))));
      return answer;
    }),
    diffConfig: unary(async (request) =>
      differenceOf(
        await provider.diffConfig(
          decode(request.getOldInputs() ?? request.getOlds()),
          decode(request.getNews()),
        ),
      ),
    ),
    configure: unary(async (request) => {
      const operation = operationOf({}, engine, stop.signal);
      await provider.configure(decode(request.getArgs()), operation);
      const answer = new messages.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setSupportspreview(true);
      answer.setSupportsAutonamingConfiguration(true);
      return answer;
    }),
  } satisfies Partial<IResourceProviderServer>;
}

/** Answers an operation on a resource. A partial failure carries the resource's state. */
function answering<Input, Output>(answer: (request: Input) => Output | Promise<Output>) {
  return unary(answer, operationErrorOf);
}

function operations(
  provider: Provider,
  engine: Engine,
  cancelled: AbortSignal,
): UntypedServiceImplementation {
  const operation = (request: Request) => operationOf(request, engine, cancelled);
  return {
    invoke: answering(async (request) => {
      const args = decode(request.getArgs());
      const result = await provider.invoke(request.getTok(), args, operation({}));
      const answer = new messages.InvokeResponse();
      answer.setReturn(wire(result));
      return answer;
    }),
    check: answering(async (request) => {
      const { inputs, failures } = await provider.check(
        operation(request),
        decode(request.getOlds()),
        decode(request.getNews()),
      );
      const answer = new messages.CheckResponse();
      answer.setInputs(wire(inputs));
      answer.setFailuresList(failuresOf(failures));
      return answer;
    }),
    diff: answering(async (request) => {
      const olds = [decode(request.getOlds()), decode(request.getOldInputs())] as const;
      const news = decode(request.getNews());
      return differenceOf(await provider.diff(operation(request), request.getId(), ...olds, news));
    }),
    create: answering(async (request) => {
      const inputs = decode(request.getProperties());
      const { id, state } = await provider.create(operation(request), inputs);
      const answer = new messages.CreateResponse();
      answer.setId(id);
      answer.setProperties(wire(state));
      return answer;
    }),
    read: answering(async (request) => {
      const bags = [decode(request.getInputs()), decode(request.getProperties())] as const;
      const found = await provider.read(operation(request), request.getId(), ...bags);
      const answer = new messages.ReadResponse();
      if (found) {
        answer.setId(found.id);
        answer.setProperties(wire(found.state));
        answer.setInputs(wire(found.inputs));
      }
      return answer;
    }),
    update: answering(async (request) => {
      const olds = [decode(request.getOlds()), decode(request.getOldInputs())] as const;
      const news = decode(request.getNews());
      const state = await provider.update(operation(request), request.getId(), ...olds, news);
      const answer = new messages.UpdateResponse();
      answer.setProperties(wire(state));
      return answer;
    }),
    delete: answering(async (request) => {
      const bags = [decode(request.getProperties()), decode(request.getOldInputs())] as const;
      await provider.delete(operation(request), request.getId(), ...bags);
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;
}
