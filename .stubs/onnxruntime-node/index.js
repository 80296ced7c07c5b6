/** The WASM backend in place of the native one: the same bytes give the same scores everywhere. */
module.exports = require('onnxruntime-web');
