import { isFreeLine, redactSecrets, type Secret, secretsIn, secretsOf, union } from './secrets.ts'
import { type CommandForm, commandForms, commandPattern, quoted, start } from './secrets-forms.ts'

/** A secret behind a keyword that is shortened: EOS takes any beginning of a word that begins no other at its place. */
export interface ShortSecret extends Secret {
  readonly short: string
  readonly word: string
}

const PIECE =
  /\\.|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|\(\?<?[!=](?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|(?<keyword>(?<![\w-])[a-z][a-z0-9-]*)/g

// Words that are complete where they begin a longer one: `ip ospf authentication message-digest` sets no key.
const WHOLE: ReadonlySet<string> = new Set(['authentication', 'key'])

const BEFORE =
  '(?:(?:no|default) )?(?:command )?(?:ip ospf |ospfv3 <words>|isis |area \\S{1,160} <words>|authentication |session )?'

// So long is a beginning at least that is known wherever it stands.
const LONG = 5

const keywordsIn = (words: string) => [
  ...new Set([...words.matchAll(PIECE)].flatMap(({ groups }) => groups?.keyword ?? [])),
]

function beginnings(word: string) {
  const all = Array.from(word, (_, at) => word.slice(0, at + 1))
  return all.filter((one) => one === word || !WHOLE.has(one.replace(/-$/, '')))
}

function isTelling(begun: string, word: string) {
  const hyphen = word.indexOf('-')
  return begun === word || begun.length > (hyphen < 0 ? LONG - 1 : hyphen + 1)
}

function shortened(words: string, isTaken: (begun: string, word: string) => boolean = () => true) {
  return words.replaceAll(PIECE, (piece, ...rest) => {
    const { keyword } = rest.at(-1) as { readonly keyword?: string }
    if (keyword === undefined) return piece
    const taken = beginnings(keyword).filter((begun) => isTaken(begun, keyword))
    return `(?:${taken.toReversed().join('|')})`
  })
}

interface TypedForm {
  readonly form: CommandForm
  readonly keywords: readonly string[]
  readonly patterns: readonly RegExp[]
}

function typedForm(form: CommandForm): TypedForm {
  const keywords = keywordsIn(form.words)
  // What looks like a keyword, and has more behind it, may be one: a user named `s` has a secret after `sec`.
  const words = form.words.replace('<X>', `(?!(?:${keywords.flatMap(beginnings).join('|')})\\s+\\S)<X>`)
  const before = form.isQuoted ? BEFORE : '(?:(?:no|default) )?'
  const patterns = [form.words, words].map((one) => commandPattern(start, shortened(before + one)))
  if (form.isQuoted) patterns.push(commandPattern(quoted, shortened(words, isTelling)))
  return { form, keywords, patterns }
}

let made: readonly TypedForm[] | undefined
let begun: ReadonlySet<string> | undefined

function typedForms() {
  made ??= commandForms.map(typedForm)
  return made
}

function hasBeginning(line: string) {
  begun ??= new Set(
    typedForms().flatMap(({ keywords }) => keywords.flatMap((word) => beginnings(word).filter((one) => one !== word))),
  )
  return line.split(/[\s"'`]+/).some((word) => begun?.has(word.toLowerCase()))
}

function shortIn({ form, keywords, patterns }: TypedForm, line: string): readonly ShortSecret[] {
  // What is written out is found without this, and a word before it that only looks shortened is a name.
  const known = Math.max(0, ...secretsOf(form, line).map(({ to }) => to))
  return patterns.flatMap((pattern) =>
    secretsOf({ ...form, pattern }, line).flatMap((secret): ShortSecret[] => {
      if (secret.from < known) return []
      const typed = line
        .slice(0, secret.from)
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '' && !keywords.includes(word))
      const found = typed.toReversed().flatMap((short) => {
        const word = keywords.find((one) => beginnings(one).includes(short))
        return word === undefined ? [] : [{ ...secret, short, word }]
      })
      return found.slice(0, 1)
    }),
  )
}

/** The secrets of a typed line that stand behind a shortened keyword. */
export function shortSecretsIn(line: string): readonly ShortSecret[] {
  if (!hasBeginning(line) || isFreeLine(line)) return []
  return typedForms().flatMap((form) => shortIn(form, line))
}

/** The keyword of a secret that a typed line has shortened, written out; undefined for none. */
export const shortKeyword = (line: string): string | undefined => shortSecretsIn(line)[0]?.word

/** A typed line, or several, without their secrets, also of those behind a shortened keyword. */
export function redactTyped(text: string): string {
  return redactSecrets(text, (line) => union(line, [...secretsIn(line), ...shortSecretsIn(line)]))
}

/** Tells that typed lines hold a secret, which {@link redactTyped} takes out. */
export function holdsTypedSecret(text: string): boolean {
  return redactTyped(text) !== text
}
