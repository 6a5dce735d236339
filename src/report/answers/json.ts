import { errorRecord } from '../../model/error.ts'
import type { AskedSwitch } from './answers.ts'

/** What switches answered as one document, version 1. */
export function answersJson(commands: readonly string[], asked: readonly AskedSwitch[]): string {
  return JSON.stringify({ version: 1, kind: 'answers', commands, switches: asked.map(switchJson) })
}

function switchJson(asked: AskedSwitch): object {
  if ('failure' in asked) return { name: asked.name, error: errorRecord(asked.failure) }
  const { name, answers, wanted } = asked
  return { name, answers, ...(wanted === undefined ? {} : { wanted }) }
}
