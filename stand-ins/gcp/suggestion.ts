/** More names than this are only shown when they resemble the wrong one. */
const shortList = 12;

/** What to write instead of an unknown field: the names that resemble it, or all names. */
export function suggestion(wrong: string, names: readonly string[]): string {
  const tolerance = Math.max(2, Math.floor(wrong.length / 3));
  const near = names
    .map((name) => ({ name, distance: distanceOf(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= tolerance || contains(name, wrong))
    .sort((one, other) => one.distance - other.distance)
    .map(({ name }) => name);
  if (near.length > 0) return `write ${near.slice(0, 3).join(" or ")}`;
  if (names.length === 0) return "remove it";
  const list = [...names].sort().slice(0, names.length > shortList * 2 ? shortList : undefined);
  const rest = names.length - list.length;
  return `use one of ${list.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function contains(name: string, wrong: string): boolean {
  const [one, other] = [name.toLowerCase(), wrong.toLowerCase()];
  return other.length > 3 && (one.includes(other) || other.includes(one));
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
