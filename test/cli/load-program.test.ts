import { describe, expect, test } from 'vitest'
import { evaluate, loadProgram } from '../../src/cli/load-program.ts'

const BUNDLE = `(function (exports, require, module, __filename, __dirname) {
const { basename } = require('node:path')
exports.main = async (argv) => argv.length + basename(__filename).length
})`

describe('the bundle of the built command', () => {
  test('is run as its own module folder', async () => {
    const { program } = evaluate(BUNDLE)
    expect(await program.main(['a', 'b'])).toBe(2 + 'program.cjs'.length)
  })

  test('is taken with the code that V8 made of it', async () => {
    const { script } = evaluate(BUNDLE)
    const again = evaluate(BUNDLE, script.createCachedData())
    expect(again.script.cachedDataRejected).toBe(false)
    expect(await again.program.main([])).toBe('program.cjs'.length)
  })

  test('is compiled anew when V8 refuses the code', async () => {
    const { program, script } = evaluate(
      `${BUNDLE}// another text, which this V8 has not compiled`,
      Buffer.from('not its code'),
    )
    expect(script.cachedDataRejected).toBe(true)
    expect(await program.main([])).toBe('program.cjs'.length)
  })

  test('is not there in a checkout: the modules are loaded', async () => {
    const { main } = await loadProgram([])
    expect(main.name).toBe('main')
  })
})
