# What is sent by the views of which only the sending is measured.
TEN_KILOBYTES = b"x" * 10_240
