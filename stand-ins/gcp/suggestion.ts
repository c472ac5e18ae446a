/** More names than this are cut. */
const longest = 24;

/** What to write instead of an unknown field: the names that resemble it most, or all names. */
export function suggestion(wrong: string, names: readonly string[]): string {
  const near = nearest(wrong, names);
  if (near.length > 0) return `write ${near.join(" or ")}`;
  if (names.length === 0) return "remove it";
  const list = names.toSorted().slice(0, longest);
  const rest = names.length - list.length;
  return `use one of ${list.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function nearest(wrong: string, names: readonly string[]): string[] {
  const measured = names.map((name) => ({
    name,
    distance: distanceOf(wrong.toLowerCase(), name.toLowerCase()),
  }));
  const best = Math.min(...measured.map(({ distance }) => distance));
  if (best <= Math.max(2, wrong.length / 4)) {
    return measured.filter(({ distance }) => distance === best).map(({ name }) => name);
  }
  const longer = names.filter((name) => wrong.length > 3 && contains(name, wrong));
  return longer.slice(0, 3);
}

function contains(name: string, wrong: string): boolean {
  const [one, other] = [name.toLowerCase(), wrong.toLowerCase()];
  return one.includes(other) || other.includes(one);
}

/** Number of characters to add, remove or replace. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [down, letter] of Array.from(one).entries()) {
    const next = [down + 1];
    for (const [across, mate] of Array.from(other).entries()) {
      const replaced = (row[across] ?? 0) + (letter === mate ? 0 : 1);
      next.push(Math.min(replaced, (row[across + 1] ?? 0) + 1, (next[across] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
