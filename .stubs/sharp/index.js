/** Nothing here reads an image. Not empty-handed all the same: @xenova/transformers throws when this is falsy. */
module.exports = {};
