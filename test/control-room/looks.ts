import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { extentOfLong, SEED } from '../extent.ts'
import { type Person, SCREEN } from './office.ts'

/**
 * A truecolour PNG as Chromium writes it, with a palette of at most 256 colours instead (Portable Network Graphics, third edition): it is a
 * third as large, and on pages of text nobody sees a difference.
 */
export function withPalette(png: Buffer) {
  const { width, height, colours } = read(png)
  const palette = paletteOf(colours)
  const near = new Map<number, number>()
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colours[y * width + x] ?? 0
      const index = near.get(colour) ?? nearest(palette, colour)
      near.set(colour, index)
      // The first byte of a row is its filter: none.
      rows[y * (width + 1) + 1 + x] = index
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const plte = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  const chunks = [
    chunk('IHDR', head),
    chunk('PLTE', plte),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND'),
  ]
  return Buffer.concat([SIGNATURE, ...chunks])
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(type: string, data: Buffer = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Reads a picture of 8 bits a channel that is not interlaced. */
function read(png: Buffer) {
  const chunks = chunksOf(png)
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13)
  const [width, height, depth, kind, interlace] = [
    head.readUInt32BE(0),
    head.readUInt32BE(4),
    head[8],
    head[9],
    head[12],
  ]
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlace !== 0) throw new Error('no truecolour picture')
  const channels = kind === 6 ? 4 : 3
  const data = chunks.flatMap((one) => (one.type === 'IDAT' ? [one.data] : []))
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, channels)
  const byte = (at: number) => bytes[at] ?? 0
  const colours = Uint32Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * channels
    return (byte(at) << 16) | (byte(at + 1) << 8) | byte(at + 2)
  })
  return { width, height, colours }
}

function chunksOf(png: Buffer) {
  const found: { type: string; data: Buffer }[] = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return found
}

/** Undoes what is done to each row before it is compressed (section 9: filtering). */
function unfiltered(rows: Buffer, stride: number, step: number) {
  const made = new Uint8Array((rows.length / (stride + 1)) * stride)
  for (let at = 0; at < made.length; at += 1) {
    const [row, x] = [Math.floor(at / stride), at % stride]
    const left = x < step ? 0 : (made[at - step] ?? 0)
    const up = made[at - stride] ?? 0
    const corner = x < step ? 0 : (made[at - stride - step] ?? 0)
    const filter = rows[row * (stride + 1)] ?? 0
    made[at] = (rows[at + row + 1] ?? 0) + guess(filter, left, up, corner)
  }
  return made
}

/** What a filter takes a byte for. */
function guess(filter: number, left: number, up: number, corner: number) {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4:
      return paeth(left, up, corner)
    default:
      return 0
  }
}

function paeth(left: number, up: number, corner: number) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

/** The colours that are seen most, of each 32 shades of a channel the one that is. */
function paletteOf(colours: Uint32Array) {
  const seen = new Map<number, number>()
  for (const colour of colours) seen.set(colour, (seen.get(colour) ?? 0) + 1)
  const shades = new Map<number, { colour: number; most: number; all: number }>()
  for (const [colour, times] of seen) {
    const shade = colour & 0xf8f8f8
    const known = shades.get(shade) ?? { colour, most: 0, all: 0 }
    shades.set(shade, {
      colour: times > known.most ? colour : known.colour,
      most: Math.max(times, known.most),
      all: known.all + times,
    })
  }
  const byUse = [...shades.values()].toSorted((a, b) => b.all - a.all)
  return byUse.slice(0, 256).map(({ colour }) => colour)
}

function nearest(palette: readonly number[], colour: number) {
  let [found, least] = [0, Number.POSITIVE_INFINITY]
  for (const [index, one] of palette.entries()) {
    const [r, g, b] = [
      (one >> 16) - (colour >> 16),
      ((one >> 8) & 255) - ((colour >> 8) & 255),
      (one & 255) - (colour & 255),
    ]
    const far = r * r + g * g + b * b
    if (far < least) [found, least] = [index, far]
  }
  return found
}

/** Where pictures of the pages are kept (`npm run pictures`); none is taken without it. */
export const PICTURES = process.env.EOSFLOW_PICTURES

/** How a page is looked at. */
export type Look = '1440' | '1440-dark' | '390' | '390-dark'

/** The screen of each look. */
export const LOOKS: Readonly<Record<Look, BrowserContextOptions>> = {
  '1440': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  '1440-dark': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  '390': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  '390-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
}

/** Whether the page at a place of a list is looked at in a look: in another one with each commit, for pictures and by night in each. */
export function isLookedAt(index: number, look: string, looks: readonly string[]) {
  return extentOfLong(PICTURES !== undefined, true) || looks[(index + SEED) % looks.length] === look
}

/** What is wrong with a page as it is: what axe has against it (WCAG 2.2 AA), and whether it must be scrolled sideways. */
export async function faultsSeen(page: Page) {
  await page.evaluate(axe.source)
  const { violations, passes } = (await page.evaluate(RUN)) as AxeResult
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(passes.length < 10 ? [`axe has looked at ${passes.length} rules alone`] : []),
    ...(wide > 0 ? [`${wide} pixels too wide`] : []),
  ]
}

const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
  readonly passes: readonly object[]
}

/** Keeps a picture of a whole page where pictures are wanted. */
export async function pictured(page: Page, name: string, look: Look) {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
  const before = page.viewportSize() ?? { width: 1440, height: 900 }
  await page.setViewportSize({ width: before.width, height: Math.max(height, 600) })
  writeFileSync(join(PICTURES, `${name}-${look}.png`), withPalette(await page.screenshot()))
  await page.setViewportSize(before)
}

/** Pictures of a page a moment later, in other browsers of the same person; nothing where none are wanted. */
export async function inLooks({ page, context }: Person, name: string, looks: readonly Look[], url = page.url()) {
  const browser = context.browser()
  if (PICTURES === undefined || browser === null) return
  const storageState = await context.storageState()
  await Promise.all(
    looks.map(async (look) => {
      const other = await browser.newContext({ ...SCREEN, ...LOOKS[look], storageState })
      const tab = await other.newPage()
      await tab.goto(url)
      await tab.waitForTimeout(5_000)
      await pictured(tab, name, look)
      await other.close()
    }),
  )
}
