print("vdeblur")
