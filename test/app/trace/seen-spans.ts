import type { OpenSpan, SpanEnd, SpanStart, Spans } from '../../../src/app/trace/spans.ts'

/** A span as a test sees it. */
export interface SeenSpan extends SpanStart {
  readonly spanId: string
  ended?: SpanEnd
}

/** Spans that are kept: the first has the id 1, and each next one counts on. A trace that nobody has begun is all `a`. */
export function seenSpans(): { readonly spans: Spans; readonly seen: readonly SeenSpan[]; closed(): number } {
  const seen: SeenSpan[] = []
  let closed = 0
  const spans: Spans = {
    open: (start): OpenSpan => {
      const one: SeenSpan = { ...start, spanId: String(seen.length + 1).padStart(16, '0') }
      seen.push(one)
      return {
        context: { traceId: start.parent?.traceId ?? 'a'.repeat(32), spanId: one.spanId, isSampled: true },
        end: (end) => {
          if (one.ended !== undefined) throw new Error(`${one.name} has ended before`)
          one.ended = end
        },
      }
    },
    close: async () => {
      closed += 1
    },
  }
  return { spans, seen, closed: () => closed }
}

/** What was seen as lines: each span below the one that it is a part of, with what it has ended with. */
export function treeOf(seen: readonly SeenSpan[]): readonly string[] {
  const below = (parent: SeenSpan | undefined, depth: number): readonly string[] =>
    seen
      .filter((one) =>
        parent === undefined
          ? !seen.some(({ spanId }) => spanId === one.parent?.spanId)
          : one.parent?.spanId === parent.spanId,
      )
      .flatMap((one) => [`${'  '.repeat(depth)}${lineOf(one, seen)}`, ...below(one, depth + 1)])
  return below(undefined, 0)
}

function lineOf({ name, link, ended }: SeenSpan, seen: readonly SeenSpan[]): string {
  const from =
    link === undefined
      ? ''
      : ` <- ${seen.find(({ spanId }) => spanId === link.spanId)?.ended?.attributes?.['eosflow.result']}`
  if (ended === undefined) return `${name}${from} (open)`
  const { attributes = {}, error } = ended
  const words = [attributes['eosflow.result'], attributes['eosflow.outcome'], attributes['eosflow.switch'], error]
  return `${name}${from}: ${words.filter((word) => word !== undefined).join(' ')}`
}
