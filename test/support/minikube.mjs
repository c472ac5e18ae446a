/**
 * Stands for the `minikube` program in tests: the commands and answers that the cluster stage uses,
 * in the shapes of minikube 1.38. Its world is the JSON file $MINIKUBE_WORLD; it notes each call.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import console from "node:console";
import { dirname } from "node:path";
import process from "node:process";

const file = process.env.MINIKUBE_WORLD;
const world = JSON.parse(readFileSync(file, "utf8"));
const words = process.argv.slice(2);
const option = (name) =>
  words.find((word) => word.startsWith(`--${name}=`))?.split("=")[1] ??
  words[words.indexOf(`--${name}`) + 1];
const name = option("profile");
world.calls.push(words.join(" "));
const end = (code) => {
  writeFileSync(file, JSON.stringify(world));
  process.exit(code);
};
const event = (type, data) =>
  console.log(JSON.stringify({ specversion: "1.0", type: `io.k8s.sigs.minikube.${type}`, data }));

switch (words[0] === "node" || words[0] === "profile" ? words.slice(0, 2).join(" ") : words[0]) {
  case "profile list": {
    const valid = Object.entries(world.profiles)
      .filter(([, profile]) => !profile.broken)
      .map(([Name, { nodes }]) => ({
        Name,
        Config: { Nodes: nodes.map((node) => ({ Name: node, ControlPlane: node === "" })) },
      }));
    const invalid = Object.entries(world.profiles)
      .filter(([, profile]) => profile.broken)
      .map(([Name]) => ({ Name }));
    process.stdout.write(JSON.stringify({ invalid, valid }));
    end(0);
    break;
  }
  case "status": {
    const { nodes, host } = world.profiles[name];
    const states = nodes.map((node) => ({
      Name: node === "" ? name : `${name}-${node}`,
      Host: host,
    }));
    console.log(JSON.stringify(states.length === 1 ? states[0] : states));
    end(4);
    break;
  }
  case "start": {
    const known = world.profiles[name];
    const count = Number(option("nodes"));
    const nodes =
      known?.nodes ?? Array.from({ length: count }, (_, i) => (i === 0 ? "" : `m0${i + 1}`));
    world.profiles[name] = { nodes, host: "Running" };
    event("step", {
      currentstep: "0",
      totalsteps: "19",
      name: "Initial Minikube Setup",
      message: "starting",
    });
    event("download.progress", { artifact: "preload", progress: "0.5" });
    if (world.failStarts > 0) {
      world.failStarts -= 1;
      event("error", {
        message: "kubeadm init timed out",
        advice: "have patience",
        exitcode: "80",
      });
      end(80);
    }
    mkdirSync(dirname(process.env.KUBECONFIG), { recursive: true });
    writeFileSync(process.env.KUBECONFIG, world.kubeconfig, { mode: 0o644 });
    end(0);
    break;
  }
  case "node add":
    world.profiles[name].nodes.push(`m0${world.profiles[name].nodes.length + 1}`);
    end(0);
    break;
  case "node delete":
    world.profiles[name].nodes = world.profiles[name].nodes.filter((node) => node !== words[2]);
    end(0);
    break;
  case "logs":
    console.log("kubelet: something is wrong");
    end(0);
    break;
  case "delete":
    delete world.profiles[name];
    rmSync(process.env.KUBECONFIG, { force: true });
    end(0);
    break;
  default:
    console.error(`unknown command: ${words.join(" ")}`);
    end(64);
}
