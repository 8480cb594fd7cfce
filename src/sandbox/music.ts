const rate = 8000;
const seconds = 4;
const volume = 3000;
/** A quiet minor chord, in Hz. Each note fits into the file with whole periods, so that the loop does not click. */
const notes = [220, 262, 330];

/** Music on hold, for packages without any: a few seconds of WAV at 8 kHz, 16 bit, mono. */
export function musicOnHold(): Buffer {
  const samples = rate * seconds;
  const data = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index++) {
    const sum = notes.reduce((total, note) => total + Math.sin((2 * Math.PI * note * index) / rate), 0);
    data.writeInt16LE(Math.round((volume * sum) / notes.length), index * 2);
  }
  return Buffer.concat([wavHeader(data.length), data]);
}

function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}
