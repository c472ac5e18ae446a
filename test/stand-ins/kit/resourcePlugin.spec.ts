import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { credentials, status, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { expect } from "chai";

import { decode, encode } from "../../../stand-ins/kit/properties.ts";

const main = path.join(import.meta.dirname, "../../../stand-ins/command/main.ts");
const urn = "urn:pulumi:dev::shop::command:local:Command::greet";

describe("a resource plugin over gRPC", function () {
  this.timeout(60_000);
  let plugin: ChildProcess;
  let client: InstanceType<typeof services.ResourceProviderClient>;

  before(async () => {
    plugin = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
    if (!plugin.stdout) throw new Error("the plugin has no stdout");
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    const address = `127.0.0.1:${String(port).trim()}`;
    client = new services.ResourceProviderClient(address, credentials.createInsecure());
  });

  after(async () => {
    client.close();
    plugin.stdin?.end();
    await once(plugin, "exit");
  });

  it("creates, compares, updates, reads and deletes a resource", async () => {
    const inputs = encode({ create: "echo one", update: "echo two", delete: "true" });
    const check = new messages.CheckRequest();
    check.setUrn(urn);
    check.setNews(inputs);
    const checked = await new Promise<messages.CheckResponse>((resolve, reject) =>
      client.check(check, (error, answer) => {
        error ? reject(error) : resolve(answer);
      }),
    );
    expect(checked.getFailuresList()).to.eql([]);

    const create = new messages.CreateRequest();
    create.setUrn(urn);
    create.setProperties(checked.getInputs());
    const created = await new Promise<messages.CreateResponse>((resolve, reject) =>
      client.create(create, (error, answer) => {
        error ? reject(error) : resolve(answer);
      }),
    );
    expect(created.getId()).to.match(/^greet[0-9a-f]{8}$/);
    expect(decode(created.getProperties()).value).to.include({ stdout: "one" });

    const diff = new messages.DiffRequest();
    diff.setUrn(urn);
    diff.setId(created.getId());
    diff.setOlds(created.getProperties());
    diff.setOldInputs(inputs);
    diff.setNews(encode({ create: "echo one", triggers: ["x"] }));
    const difference = await new Promise<messages.DiffResponse>((resolve, reject) =>
      client.diff(diff, (error, answer) => {
        error ? reject(error) : resolve(answer);
      }),
    );
    expect(difference.getReplacesList()).to.eql(["triggers"]);

    const update = new messages.UpdateRequest();
    update.setUrn(urn);
    update.setId(created.getId());
    update.setOlds(created.getProperties());
    update.setOldInputs(inputs);
    update.setNews(inputs);
    const updated = await new Promise<messages.UpdateResponse>((resolve, reject) =>
      client.update(update, (error, answer) => {
        error ? reject(error) : resolve(answer);
      }),
    );
    expect(decode(updated.getProperties()).value).to.include({ stdout: "two" });

    const read = new messages.ReadRequest();
    read.setUrn(urn);
    read.setId(created.getId());
    read.setInputs(inputs);
    read.setProperties(updated.getProperties());
    const found = await new Promise<messages.ReadResponse>((resolve, reject) =>
      client.read(read, (error, answer) => {
        error ? reject(error) : resolve(answer);
      }),
    );
    expect(decode(found.getProperties()).value).to.include({ stdout: "two" });

    const deletion = new messages.DeleteRequest();
    deletion.setUrn(urn);
    deletion.setId(created.getId());
    deletion.setProperties(encode({ ...decode(updated.getProperties()).value, delete: "exit 3" }));
    const failure = await new Promise<ServiceError | null>((resolve) =>
      client.delete(deletion, (error) => {
        resolve(error);
      }),
    );
    expect(failure?.code).to.equal(status.UNKNOWN);
    expect(failure?.details).to.contain("exit status 3");
  });

  it("refuses a method that it does not implement", async () => {
    const failure = await new Promise<ServiceError | null>((resolve) =>
      client.getMapping(new messages.GetMappingRequest(), (error) => {
        resolve(error);
      }),
    );
    expect(failure?.code).to.equal(status.UNIMPLEMENTED);
    expect(failure?.details).to.contain("does not implement getMapping");
  });
});
