// The binding alone with a slab whose length is no multiple of 8: a datagram that fills it up to the last
// bytes must end the batch, and setBuffers must refuse to receive nothing.
import { linkDumpRequest, openNative, print, rows } from './native.mjs';

const socket = openNative({ slabBytes: 100, receiveBytes: 100 });
const batches = [];
let count = socket.send(linkDumpRequest(), true);
while (count > 0) {
  batches.push(rows(socket, count));
  count = socket.receive();
}
let refused = null;
try {
  socket.setBuffers(socket.slab, socket.records, 0);
} catch ({ name }) {
  refused = name;
}
print({
  counts: batches.map((batch) => batch.length),
  flags: batches.flat().map((row) => row.flags),
  refused,
});
socket.close();
