/** A process of parallel.mjs: calls one function for every item that it is sent, and ends when it is sent null. */

const [module, name] = process.argv.slice(2);
const work = (await import(module))[name];
process.on('message', async (message) => {
  if (message === null) process.disconnect();
  else process.send({ index: message.index, result: await work(message.item) });
});
