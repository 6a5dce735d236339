/** ANTA's tags are words, a switch of the inventory has them as the values of its tags: `leaf` is any switch with a tag of that value, `role:leaf` only that one; the name of a switch is a tag of it (ANTA documentation, "Tag Management"). */
export function runsOn(
  tags: readonly string[],
  device: { readonly name: string; readonly tags: Readonly<Record<string, string>> },
): boolean {
  if (tags.length === 0) return true
  const own = new Set([
    device.name,
    ...Object.entries(device.tags).flatMap(([key, value]) => [value, `${key}:${value}`]),
  ])
  return tags.some((tag) => own.has(tag))
}

export function isSelected(tags: readonly string[], asked: readonly string[]): boolean {
  return asked.length === 0 || tags.some((tag) => asked.includes(tag))
}
