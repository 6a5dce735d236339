import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { withPalette } from './looks.ts'

function chunk(type: string, data: Buffer) {
  const numbers = Buffer.alloc(8)
  const body = Buffer.concat([Buffer.from(type), data])
  numbers.writeUInt32BE(data.length, 0)
  numbers.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)])
}

const bodyOf = (png: Buffer, type: string) => {
  const at = png.indexOf(type)
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}

test('a picture keeps its colours, whatever filter its rows have', () => {
  // 2 x 5 pixels: each row is red, then blue, by another filter (none, left, up, the mean of both, Paeth).
  const head = Buffer.from([0, 0, 0, 2, 0, 0, 0, 5, 8, 2, 0, 0, 0])
  const rows = [
    [0, 255, 0, 0, 0, 0, 255],
    [1, 255, 0, 0, 1, 0, 255],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 128, 0, 0, 129, 0, 128],
    [4, 0, 0, 0, 0, 0, 0],
  ]
  const data = deflateSync(Buffer.from(rows.flat()))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const picture = [signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]
  const small = withPalette(Buffer.concat(picture))
  expect(small.subarray(0, 8)).toEqual(signature)
  expect([...bodyOf(small, 'IHDR')]).toEqual([0, 0, 0, 2, 0, 0, 0, 5, 8, 3, 0, 0, 0])
  expect(bodyOf(small, 'PLTE').toString('hex')).toBe('ff00000000ff')
  expect([...inflateSync(bodyOf(small, 'IDAT'))]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1])
  expect(() =>
    withPalette(Buffer.concat([signature, chunk('IHDR', Buffer.from([...head.subarray(0, 8), 8, 0, 0, 0, 0]))])),
  ).toThrow('no truecolour picture')
})
