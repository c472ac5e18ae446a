/** Counts the ICMP "destination unreachable" messages of other hosts, from the kernel's tables. */
import { readFile } from "node:fs/promises";

/** Counters of one address family. */
interface Counters {
  readonly received: number;
  readonly sent: number;
}

/** Reads `InDestUnreachs` and `OutDestUnreachs` from `/proc/net/snmp`. */
export function parseSnmp(text: string): Counters | undefined {
  const [names, values] = text.split("\n").filter((line) => line.startsWith("Icmp:"));
  if (names === undefined || values === undefined) return undefined;
  const columns = names.split(" ");
  const numbers = values.split(" ");
  return counters((name) => numbers[columns.indexOf(name)], "InDestUnreachs", "OutDestUnreachs");
}

/** Reads `Icmp6InDestUnreachs` and `Icmp6OutDestUnreachs` from `/proc/net/snmp6`. */
export function parseSnmp6(text: string): Counters | undefined {
  const values = new Map(
    text.split("\n").map((line) => {
      const [name = "", value = ""] = line.split(/\s+/);
      return [name, value] as const;
    }),
  );
  return counters((name) => values.get(name), "Icmp6InDestUnreachs", "Icmp6OutDestUnreachs");
}

function counters(
  valueOf: (name: string) => string | undefined,
  receivedName: string,
  sentName: string,
): Counters | undefined {
  const received = Number(valueOf(receivedName) ?? Number.NaN);
  const sent = Number(valueOf(sentName) ?? Number.NaN);
  return Number.isInteger(received) && Number.isInteger(sent) ? { received, sent } : undefined;
}

/**
 * Messages received so far, minus those this host sent, because the kernel reports a failed ARP
 * lookup to itself. Undefined when the tables cannot be read.
 */
export async function readForeignUnreachables(): Promise<number | undefined> {
  const [snmp, snmp6] = await Promise.all(
    ["/proc/self/net/snmp", "/proc/self/net/snmp6"].map((path) =>
      readFile(path, "utf8").catch(() => ""),
    ),
  );
  const four = parseSnmp(snmp ?? "");
  if (four === undefined) return undefined;
  const six = parseSnmp6(snmp6 ?? "") ?? { received: 0, sent: 0 };
  return four.received - four.sent + six.received - six.sent;
}
