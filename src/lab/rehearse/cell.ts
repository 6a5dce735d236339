import type { FaultKind } from './fault-kind.ts'
import type { Point } from './point.ts'

export type Cell =
  | { readonly try: 'fault'; readonly kind: FaultKind; readonly point: Point; readonly device: string }
  | {
      readonly try: 'crash'
      readonly record: number
      readonly words: string
      readonly resumed: 'at once' | 'after the commit timer'
    }
