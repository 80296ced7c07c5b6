/** Only the WebGL backend of onnxruntime-web reads this, and that is left out of the build. */
module.exports = {};
