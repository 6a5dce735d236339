import type { FactsDocument } from './result-schema.ts'

export type SwitchFacts = Extract<FactsDocument['switches'][number], { facts: unknown }>['facts']

export type ReadFacts =
  | { readonly name: string; readonly facts: SwitchFacts }
  | { readonly name: string; readonly failure: unknown }
