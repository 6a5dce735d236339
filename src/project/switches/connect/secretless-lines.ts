import { printedRedactor, redactModel } from '../../../eos/config/secrets/redact-answer.ts'
import { keyedPlaceholder, redact } from '../../../eos/config/secrets/secrets.ts'
import { hmac } from '../../../model/digest.ts'
import type { Json } from '../../../model/json.ts'
import { systemRandom } from '../../system/machine/system-clock.ts'

// A key that lives as long as this command: a changed secret still shows as a change, and nobody can guess it.
const key = systemRandom.hex(32)
const placeholder = keyedPlaceholder((secret) => hmac(key, secret).slice('hmac:'.length))

const printed = printedRedactor(placeholder)

export function secretlessLines(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return redact(lines.join('\n'), placeholder).split('\n')
}

/** What a show command printed, without its secrets, as {@link secretlessLines}. */
export function secretlessText(text: string): string {
  return printed(text)
}

/** The model that a show command gave, without its secrets, as {@link secretlessLines}. */
export function secretlessModel(model: Json): Json {
  return redactModel(model, placeholder)
}

/** A whole configuration without its secrets, as {@link secretlessLines}: where two of them are equal, so are the configurations. */
export function secretlessConfig(text: string): string {
  return redact(text, placeholder)
}
