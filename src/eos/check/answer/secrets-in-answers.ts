import { isJsonObject, type Json } from '../../../model/json.ts'
import { isSecretMember, secretsIn } from '../../config/secrets/secrets.ts'
import type { Reply } from '../../device/device.ts'

const SHORTEST = 4

export function secretsInAnswers(replies: readonly Reply[]): readonly string[] {
  const found = new Set<string>()
  for (const reply of replies) if (reply.ok) collect(reply.json, found)
  return [...found].filter(({ length }) => length >= SHORTEST)
}

function collect(json: Json, found: Set<string>) {
  if (typeof json === 'string') collectLines(json, found)
  else if (Array.isArray(json)) for (const one of json) collect(one, found)
  else if (isJsonObject(json)) {
    for (const [key, value] of Object.entries(json)) {
      collectLines(key, found)
      if (typeof value === 'string' && isSecretMember(key)) found.add(value)
      else collect(value, found)
    }
  }
}

function collectLines(text: string, found: Set<string>) {
  for (const line of text.split('\n')) for (const { value } of secretsIn(line)) found.add(value)
}
