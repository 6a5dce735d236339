import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { catalogueChecks } from '../../../src/check/builtin/index.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { checkCommands } from '../../../src/trial/judge-check.ts'
import { rowsByModule } from '../../check/rows/index.ts'
import { recordings } from '../../recordings.ts'

/** A check, its inputs, and what a switch answered to each of its commands. */
export interface Asked {
  readonly check: string
  /** The Python module that has it, for example `anta.tests.mlag`. */
  readonly module: string
  readonly inputs: Json
  readonly answers: readonly Json[]
}

interface Case {
  readonly test: string
  readonly module: string
  readonly inputs: Json
  readonly eos_data: readonly Json[]
}

/** An answer as its client gives it to ANTA: a text without the object that eAPI has around it. */
const asCollected = (answer: Json, format: 'json' | 'text' | undefined): Json =>
  format === 'text' && isJsonObject(answer) ? (answer.output ?? null) : answer

const isRefusal = (answer: Json): boolean => answer === null || (isJsonObject(answer) && 'errors' in answer)

/** The cases recorded of ANTA where they are there, and the rows of our own tests. */
export function recordedAnswers(): readonly Asked[] {
  const corpus = recordings('eos-corpus/anta-cases/')
  const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : []
  const recorded = files.sort().flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(file, corpus), 'utf8')) as { readonly cases: readonly Case[] }
    return cases.map(({ test: check, module, inputs, eos_data: answers }) => ({ check, module, inputs, answers }))
  })
  const modules = new Map(catalogueChecks.map(({ name, module = '' }) => [name, `anta.tests.${module}`]))
  const own = Object.values(rowsByModule)
    .flat()
    // ANTA reads no answer that was refused: it judges only what its client collected. And it refuses inputs by a word of its own.
    .filter(({ name, outputs }) => name !== 'absent' && !outputs.some(isRefusal))
    .filter(({ messages: [message = ''] = [] }) => !message.includes('does not accept its inputs'))
    .map(({ check, inputs = {}, outputs }) => {
      const commands = checkCommands(check, inputs)
      const answers = outputs.map((answer, index) => asCollected(answer, commands[index]?.format))
      return { check, module: modules.get(check) ?? '', inputs, answers }
    })
  return [...recorded, ...own]
}
