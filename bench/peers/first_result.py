"""From the start of the process to the first gradient."""
import os

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
import tensorflow as tf

x = tf.Variable([1.0, 2.0])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(x * x)
print(tape.gradient(loss, x).numpy().tolist())
