"""Starts a kernel and runs its first cells; prints when each was done, and what the kernel says of its parts, as JSON.

Usage: kernel_start.py NODE PARTS STARTER CONNECTION PAUSE: the seconds between the kernel's first answer and the first
cell, which a reader takes and a program does not.
"""

import json
import queue
import subprocess
import sys
import time

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

node, parts, starter, connection, pause = sys.argv[1:]
file, _ = write_connection_file(connection, key=b"secret")
begin = time.monotonic()
kernel = subprocess.Popen(
    [*node.split(" "), "--require", parts, starter, "kernel", "--config-path", file], stderr=subprocess.DEVNULL
)
client = BlockingKernelClient(connection_file=file)
client.load_connection_file()
client.start_channels()
try:
    client.kernel_info()
    client.get_shell_msg(timeout=120)
    times = {"ready": time.monotonic() - begin}
    while True:  # Until what it publishes arrives.
        try:
            client.kernel_info()
            client.get_shell_msg(timeout=120)
            client.get_iopub_msg(timeout=0.2)
            break
        except queue.Empty:
            pass
    time.sleep(float(pause))

    def run(code):
        start = time.monotonic()
        said = []
        reply = client.execute_interactive(
            code, timeout=120, output_hook=lambda message: said.append(message["content"].get("text", ""))
        )
        if reply["content"]["status"] != "ok":
            raise SystemExit(str(reply["content"]))
        return time.monotonic() - start, "".join(said)

    times["first cell"], _ = run("import { descend, figures, tf } from 'descent-lab';")
    times["from the start to the first cell’s end"] = time.monotonic() - begin - float(pause)
    times["second cell"], _ = run("const x = tf.scalar(2);\nconst y = x.mul(3);")
    times["third cell"], _ = run("const z = y.add(x);")
    _, said = run("console.log(JSON.stringify((globalThis as any).kernelParts))")
    print(json.dumps({"times": {name: 1000 * value for name, value in times.items()}, "parts": json.loads(said)}))
finally:
    kernel.kill()
