import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CHROMIUM } from '../control-room/chromium.ts'
import { withPalette } from '../control-room/looks.ts'
import { BUILT } from '../lab/checkout.ts'
import { agreements, agrees } from './agreement.ts'
import { liveThrough, type Night } from './night.ts'
import { onCallInBrowser } from './on-call-in-browser.ts'
import { onCallWithoutBrowser } from './on-call-without-browser.ts'
import { PICTURE, pageOf } from './page.ts'

const USAGE = `usage: npm run demo:night -- [--no-browser] [--write]

  --no-browser  approve with an authenticator of this checkout, also where there is a Chromium
  --write       write docs/an-alert-at-night.md and its picture from this run; needs a Chromium
`

const say = (line: string) => void process.stdout.write(`${line}\n`)

const values = asked()
if (values === undefined) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else if (values.help) process.stdout.write(USAGE)
else process.exitCode = await demo(values)

function asked() {
  const options = {
    'no-browser': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ options }).values
  } catch {
    return undefined
  }
}

async function demo(values: NonNullable<ReturnType<typeof asked>>) {
  if (!existsSync(BUILT)) throw new Error('there is no built command: npm run build')
  const isInBrowser = CHROMIUM !== undefined && !values['no-browser']
  if (!isInBrowser)
    say(
      'NOT TRIED: the page itself. An authenticator of this checkout approves, since there is no Chromium here or --no-browser is given',
    )
  const night = await liveThrough(isInBrowser ? onCallInBrowser : onCallWithoutBrowser, say)
  say('')
  const found = agreements(night)
  for (const one of found)
    say(
      `${agrees(one) ? 'agreed ' : 'DIFFERS'}  ${one.fact}: ${one.says.map(([who, what]) => `${who} ${what || '-'}`).join(', ')}`,
    )
  const isGood = found.every(agrees)
  say(
    `\n${isGood ? 'The record, the metrics and the notices agree' : 'They do not agree'}: ${night.seconds.toFixed(0)} s, passkey by ${night.by}`,
  )
  if (isGood && values.write) write(night)
  return isGood ? 0 : 1
}

function write(night: Night) {
  if (night.picture === undefined) throw new Error('the page has a picture, which needs a Chromium')
  const docs = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))
  writeFileSync(docs('an-alert-at-night.md'), pageOf(night))
  writeFileSync(docs(PICTURE), withPalette(night.picture))
  say('docs/an-alert-at-night.md is written')
}
