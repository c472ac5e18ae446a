import type { Fault } from "../../../messages/faults.ts";

const hostName =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Faults of a web application's plain arguments. */
export function faultsInWebApplication(args: {
  readonly host: string;
  readonly replicas: number;
}): Fault[] {
  const faults: Fault[] = [];
  if (!hostName.test(args.host)) {
    const reason = `"${args.host}" is not a host name; write one in lowercase such as web.provenet.test`;
    faults.push({ propertyPath: "host", reason });
  }
  if (!Number.isInteger(args.replicas) || args.replicas < 1) {
    const reason = `${args.replicas} is not a number of pods; write a whole number from 1`;
    faults.push({ propertyPath: "replicas", reason });
  }
  return faults;
}
