import { describe, expect, test } from 'vitest'
import { fromFetch } from '../../src-main/http/message'
import { readBody } from '../../src-main/http/body'
import { BodyRoom } from '../../src-main/http/body-room'

const bytes = (length: number) => new Uint8Array(length)
const tooLarge: unknown = expect.objectContaining({ reason: 'body_too_large' })

describe('bodies that are read at once', () => {
  test('come out as they came in, and leave their room', () => {
    const room = new BodyRoom(10)
    const place = room.enter()
    place.add(Uint8Array.of(1, 2))
    place.add(Uint8Array.of(3))
    expect(room.bytes).toBe(3)
    expect([...place.whole()]).toEqual([1, 2, 3])
    place.leave()
    expect(room.bytes).toBe(0)
  })

  test('fill the room to the last byte, and beyond it the one that began first gives way', () => {
    const room = new BodyRoom(10)
    const [first, second, third] = [room.enter(), room.enter(), room.enter()]
    second.add(bytes(3))
    first.add(bytes(4))
    third.add(bytes(3))
    expect(first.whole()).toHaveLength(4)
    third.add(bytes(1))
    expect(room.bytes).toBe(7)
    expect(() => first.add(bytes(1))).toThrow(tooLarge)
    expect(() => first.whole()).toThrow(tooLarge)
    expect(second.whole()).toHaveLength(3)
    expect(third.whole()).toHaveLength(4)
  })

  test('give their room back once, also where they had to give way', () => {
    const room = new BodyRoom(10)
    const [first, second] = [room.enter(), room.enter()]
    first.add(bytes(6))
    second.add(bytes(6))
    first.leave()
    first.leave()
    expect(room.bytes).toBe(6)
    second.leave()
    expect(room.bytes).toBe(0)
  })

  test('one alone that is larger than the room gives way to nobody but itself', () => {
    const room = new BodyRoom(10)
    const place = room.enter()
    place.add(bytes(11))
    expect(room.bytes).toBe(0)
    expect(() => place.whole()).toThrow(tooLarge)
  })
})

test('C-12: twenty bodies of 4 MB that never end are held sixteen at a time, and others are read', async () => {
  const parts = 40
  const withoutEnd = () => {
    let count = 0
    let go: () => void = () => undefined
    const isHeld = new Promise<void>((resolve) => (go = resolve))
    let end: () => void = () => undefined
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        count += 1
        if (count <= parts) return controller.enqueue(bytes(104_000))
        go()
        return new Promise<void>((resolve) => {
          end = () => {
            controller.enqueue(bytes(1))
            controller.close()
            resolve()
          }
        })
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
    const request = new Request('http://x/', init)
    const result = readBody(fromFetch(request), 4_194_304).then(
      (read) => read.length,
      (error: unknown) => error,
    )
    return { isHeld, result, end: () => end() }
  }
  const held = []
  for (let n = 0; n < 20; n += 1) {
    held.push(withoutEnd())
    await held.at(-1)!.isHeld
  }
  const small = new Request('http://x/', { method: 'POST', body: '{}' })
  expect(await readBody(fromFetch(small), 10)).toHaveLength(2)
  for (const { end } of held) end()
  const results = await Promise.all(held.map(({ result }) => result))
  expect(results.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => tooLarge))
  expect(results.slice(4)).toEqual(Array.from({ length: 16 }, () => parts * 104_000 + 1))
})
