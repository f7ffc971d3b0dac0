import { expect, test } from 'vitest'
import { missingLibraries } from '../../../resources/bootstrap/steps/system-libraries.mjs'

test('the libraries that ldd does not find are named once each', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007f5081f30000)',
    '\tlibffmpeg.so => /opt/electron/libffmpeg.so (0x00007f5077a00000)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibatk-1.0.so.0 => not found',
    '\tlibgtk-3.so.0 => not found',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f5081f32000)',
  ].join('\n')
  expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libatk-1.0.so.0'])
})

test('nothing is missing when all are found', () => {
  expect(missingLibraries('\tlibdl.so.2 => /lib/libdl.so.2 (0x00007f5081f18000)\n')).toEqual([])
})

test('a static program misses nothing', () => {
  expect(missingLibraries('\tnot a dynamic executable\n')).toEqual([])
})
