# Makes a tap device with a carrier that this process switches: tap-flaps.py NAME FLAPS PAUSE_SECONDS
import fcntl, os, struct, subprocess, sys, time

TUNSETIFF, TUNSETCARRIER, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x400454E2, 2, 0x1000
name, flaps, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
fd = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
subprocess.run(["ip", "link", "set", name, "up"], check=True)
time.sleep(1.2)
for _ in range(flaps):
    for carrier in (0, 1):
        fcntl.ioctl(fd, TUNSETCARRIER, struct.pack("i", carrier))
        time.sleep(pause)
time.sleep(2.5)
