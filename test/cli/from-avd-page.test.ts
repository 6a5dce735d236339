import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileText } from '../lab/files.ts'
import { onSimulated, ownAvd } from './avd-project.ts'
import { inProcess } from './in-process.ts'

const PAGE = new URL('../../docs/from-avd.md', import.meta.url)

const BLOCK = /^```console\n([\s\S]*?)^```$/gm

/** What differs from one run to the next: digests, ids, times, the order in which switches are done. */
function plain(text: string) {
  const lines = text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/· [0-9a-f]{8}$/gm, '· …')
    .replaceAll(/local:\d+:\S+/g, 'local:you')
    .replaceAll(/bound to [0-9a-f]{8}/g, 'bound to …')
    .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, 'EXECUTION')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, 'TIME')
    .replaceAll(/(since\s+)\d{4}-\d\d-\d\d/g, '$1DATE')
    .split('\n')
  return lines.filter((line) => !/not locked at the commit|configure lock/.test(line)).join('\n')
}

test('every command of the page prints what stands there', { tags: 'long', timeout: 120_000 }, async () => {
  const project = ownAvd()
  let digest = ''
  const outputOf = async (command: string) => {
    const [program, ...words] = command.split(' ')
    if (program === 'cat') return fileText(project.dir, words[0] ?? '')
    const typed = words.map((word) => (word === 'DIGEST' ? digest : word))
    const { stdout } = await inProcess(typed, project.dir)
    digest = /--approve (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? digest
    return stdout
  }
  const page = readFileSync(PAGE, 'utf8')
  let made = page
  let commands = 0
  for (const [block, body = ''] of page.matchAll(BLOCK)) {
    let text = ''
    for (const line of body.split('\n').filter((one) => one.startsWith('$ '))) {
      if (line.includes('eosflow plan') && commands < 6) await onSimulated(project)
      text += `${line}\n${plain(await outputOf(line.slice(2)))}`
      commands += 1
    }
    made = made.replace(block, () => `\`\`\`console\n${text}\`\`\``)
  }
  if (process.env.UPDATE_PAGES === '1') writeFileSync(PAGE, made)
  expect(commands).toBe(9)
  expect(page).toBe(made)
})
