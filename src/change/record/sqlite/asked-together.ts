/**
 * A question about one thing that is answered with what else is asked before the event loop goes on: whoever lists a hundred executions asks about each of them,
 * and a statement costs more than an answer. `answer` gives an answer for each item, in their order. No answer is of a time before its question.
 */
export function askedTogether<Item, Answer>(
  answer: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let next: { readonly items: Item[]; readonly answers: Promise<readonly Answer[]> } | undefined
  const begin = (): NonNullable<typeof next> => {
    const items: Item[] = []
    const answers = Promise.resolve().then(() => {
      next = undefined
      return answer(items)
    })
    return { items, answers }
  }
  return async (item) => {
    next ??= begin()
    const { items, answers } = next
    const place = items.push(item) - 1
    return (await answers)[place] as Answer
  }
}
