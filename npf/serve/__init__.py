"""serve: the processes. start.py makes ready what every command needs; web.py and worker.py run.

Demo.py runs all of it.
"""
