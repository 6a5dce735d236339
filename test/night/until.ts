/** Waits in real time until something is there. Throws when it is not there in time. */
export async function until<Found>(
  what: string,
  find: () => Promise<Found | undefined> | Found | undefined,
  { within = 60_000, every = 50 }: { readonly within?: number; readonly every?: number } = {},
): Promise<Found> {
  const end = Date.now() + within
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}
